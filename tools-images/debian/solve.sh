# Runs in the base image: prints what apt would install on an empty system of architecture $1, for the packages behind
# it. /caisson/index/Packages.gz was verified by the host, which is why it is trusted here.
set -eu
architecture=$1
shift

mkdir -p /caisson/state/lists/partial /caisson/cache/archives/partial
: >/caisson/status
echo 'deb [trusted=yes] file:/caisson/index ./' >/caisson/sources.list
cat >/caisson/apt.conf <<END
APT::Architecture "$architecture";
APT::Architectures "$architecture";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::Cache "/caisson/cache";
Dir::Etc::SourceList "/caisson/sources.list";
Dir::Etc::SourceParts "-";
Dir::State "/caisson/state";
Dir::State::status "/caisson/status";
END
APT_CONFIG=/caisson/apt.conf
export APT_CONFIG

apt-get update >&2
exec apt-get install --yes --print-uris "$@"
