"""The demo: a plainly fictional client, made through the services that everybody uses."""
