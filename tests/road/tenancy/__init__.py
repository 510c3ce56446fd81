"""The guard of tenancy: what is somebody else's does not exist.

Two tables say what there is: `routes.py` every address with its policy, `belongings.py` every model with whose its rows are. What is
in neither fails, so nothing new goes unguarded. Then the cast of `cast.py` asks for everything that the owner has.
"""
