"""Places and roads (wilayah dan jalan): which desa a point lies in, what an address means, how long a unit drives.

Floor: above identity, whose session its doors ask for. No tables: borders come with the package or from the operator's file, the
roads, the gazetteer and the map tiles are files under `SIGAP_HOME/roads`, built by one import and swapped in whole.
"""
