"""What the API says, as types; pages are made from the same values. Touches nothing."""
