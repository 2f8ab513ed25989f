"""Files become typed Parquet and a profile, one module for each format. All of it runs in the child."""
