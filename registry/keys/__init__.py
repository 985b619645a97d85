"""Keys, signatures and sealed ballot boxes. The only package that imports cryptography."""
