"""What the benchmarks share: a city on servers of their own (city), what its departments send (feed), reading a running
service's figures (gauge), bare librdkafka to compare with (bare), and rows of results (report).

./ops/bench sets PYTHONPATH and CX_BUILD.
"""
