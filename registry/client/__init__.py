"""Asks the places that policies come from: a site over HTTP, folders of commons, bundles."""
