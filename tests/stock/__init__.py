"""Stock machines: distributions as they are shipped, on which a doctor has nothing to say."""
