"""The policy document: parse, render, validate, digest, diff. Touches nothing outside."""
