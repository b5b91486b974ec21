"""Where files lie: folders of this machine and S3 buckets, listed, fetched and kept whole."""
