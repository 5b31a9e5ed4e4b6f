"""What must hold of Go on a machine or in an image, as a teacher or a grader writes it down, and whether it does."""
