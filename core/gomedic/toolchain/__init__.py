"""Go releases: found, fetched, verified, unpacked into a staging folder and tried."""
