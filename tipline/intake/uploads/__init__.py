"""续传 Resumable uploads: files that arrive in pieces, over days and through dropped connections."""
