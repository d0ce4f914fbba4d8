#!/bin/sh
# Writes the secrets that docker-compose.yml mounts into deploy/secrets; never overwrites one.
# The folder is closed to everyone else; the files in it are readable, because containers run as other users.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets

fresh() { python3 -c 'import secrets; print(secrets.token_urlsafe(32))'; }

for name in database_admin database_owner database_public database_staff database_worker \
  receipt_pepper csrf_public csrf_staff factor_key identity_key storage_secret_key storage_admin_key; do
  [ -e "secrets/$name" ] || fresh > "secrets/$name"
done

if [ ! -e secrets/storage_identities ]; then
  cat > secrets/storage_identities <<EOF
{"identities": [
  {"name": "tipline",
   "credentials": [{"accessKey": "tipline", "secretKey": "$(cat secrets/storage_secret_key)"}],
   "actions": ["Read:evidence", "Write:evidence", "List:evidence"]},
  {"name": "tipline-admin",
   "credentials": [{"accessKey": "tipline-admin", "secretKey": "$(cat secrets/storage_admin_key)"}],
   "actions": ["Admin"]}
]}
EOF
fi
chmod 0444 secrets/*
echo "Secrets are in $(pwd)/secrets. Keep a copy of receipt_pepper, identity_key and database_admin where your backups are." >&2
