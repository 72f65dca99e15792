# Sourced by the browser's tests, which have a function skip: finds node, Chromium and playwright-core, or skips.
command -v node >/dev/null || skip "no node here"
CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || skip "no Chromium here"
# The folder of an npm package.
package() {
	for place in tests/browser/node_modules build/node_modules ${NODE_PATH:-} /usr/lib/node_modules; do
		[ -d "$place/$1" ] && cd "$place/$1" && pwd && return
	done
}
PLAYWRIGHT=$(package playwright-core)
[ -n "$PLAYWRIGHT" ] || skip "no playwright-core here (.ci/install-deps browser gets it)"
export CHROMIUM PLAYWRIGHT
