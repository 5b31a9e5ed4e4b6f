# A warm build cache: links to the image's, in a folder that this account may write in. The new trim.txt keeps go
# from throwing the links away for a day, for it goes by the age of what they point to.
gomedic_warm=@CACHE@
if [ -d "$gomedic_warm" ]; then
    gomedic_cache=${GOCACHE:-}
    if [ -z "$gomedic_cache" ] || { [ -e "$gomedic_cache" ] && [ ! -w "$gomedic_cache" ]; }; then
        gomedic_cache="${TMPDIR:-/tmp}/go-cache-$(id -u)"
    fi
    if [ ! -e "$gomedic_cache" ] && [ "${gomedic_cache#/}" != "$gomedic_cache" ] &&
        gomedic_new=$(mktemp -d "$gomedic_cache.XXXXXX" 2>/dev/null); then
        { cp -rs "$gomedic_warm/." "$gomedic_new/" && find "$gomedic_new" -type d -exec chmod u+w {} + &&
            rm -f "$gomedic_new/trim.txt" && date +%s >"$gomedic_new/trim.txt" &&
            [ ! -e "$gomedic_cache" ] && mv "$gomedic_new" "$gomedic_cache"; } || rm -rf "$gomedic_new"
    fi
    if [ -n "$(find "$gomedic_cache" -prune -user "$(id -u)" 2>/dev/null)" ]; then
        GOCACHE=$gomedic_cache
        export GOCACHE
    fi
fi
unset gomedic_warm gomedic_cache gomedic_new
