"""Measurements, each beside a peer in the same run; see README.md. No part of the package, and no test."""
