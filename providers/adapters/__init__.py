"""One room for each provider, all with the same furniture.

`engine.py`       `build_engine(endpoint) -> Engine`, `warm_up()` (imports the SDK); the call, and nothing else
`mapping_in.py`   our request -> theirs
`mapping_out.py`  their events and errors -> ours; its docstring says how the provider counts tokens, with source and date
"""
