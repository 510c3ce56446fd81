"""The roof: settings, addresses, processes. Imports everyone, imported by nobody. Itself it imports nothing: the supervisor stays small."""
