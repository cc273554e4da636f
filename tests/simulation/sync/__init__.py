"""Devices with the reference sync client (in Node) take part in the simulation, with faults of their own."""
