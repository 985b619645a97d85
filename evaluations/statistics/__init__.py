"""Statistics of paired runs, slices, annotators and repeats. Pure: counts in, figures out."""
