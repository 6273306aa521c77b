#!/bin/sh
# One certificate authority for this cluster alone, and a certificate for each machine, good for ten years and one.
# certificates.sh FOLDER NAME ADDRESS [NAME ADDRESS ...]   makes FOLDER/NAME/{ca.crt,node.crt,node.key}
# Run it again with the same FOLDER for a new machine or a new year; the authority's key, FOLDER/ca.key, stays at home.
set -eu
umask 077
folder=$1
shift
mkdir -p "$folder"
if [ ! -e "$folder/ca.key" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
        -subj "/CN=nowrongdoor cluster" -keyout "$folder/ca.key" -out "$folder/ca.crt" 2>/dev/null
fi
while [ $# -gt 1 ]; do
    to=$folder/$1
    mkdir -p "$to"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" \
        -keyout "$to/node.key" -out "$to/node.csr" 2>/dev/null
    # a machine also asks itself, by its loopback address
    printf 'subjectAltName=DNS:%s,IP:%s,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n' "$1" "$2" >"$to/node.ext"
    openssl x509 -req -days 398 -in "$to/node.csr" -extfile "$to/node.ext" -CA "$folder/ca.crt" -CAkey "$folder/ca.key" \
        -CAcreateserial -out "$to/node.crt" 2>/dev/null
    cp "$folder/ca.crt" "$to/ca.crt"
    rm "$to/node.csr" "$to/node.ext"
    shift 2
done
