"""The parts of AWS that the adapters call, in memory, with the errors and the limits that AWS documents.

The adapters over these clients pass the same contract suite as over other implementations of AWS. A fake knows no
faults: who calls it decides what is lost, repeated or late.
"""
