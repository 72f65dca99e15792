/* ---- the page: its elements, and what they show of the state ---- */

const page = {}; /* the elements, by name */

/* An element with attributes (a function: what an event does; null, false: none) and children. */
function make(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes))
		if (typeof value === "function")
			element.addEventListener(name, value);
		else if (value !== false && value !== null)
			element.setAttribute(name, value);
	element.append(...children);
	return element;
}
function button(key, text, title, click, more = {}) {
	return page[key] = make("button", {title, click, ...more}, text);
}
function select(key, label, options, choose) {
	return page[key] = make("select", {"aria-label": label, title: label, change: () => choose(page[key].value)},
		...options.map(([value, text]) => make("option", {value}, text)));
}

function buildToolbar() {
	const threads = [["-1", source.timed ? "All threads" : "All roots"],
		...roots.map((id) => [String(id), nameOf(id)])];
	page.search = make("input", {type: "text", placeholder: "Search (regular expression)", spellcheck: "false",
		autocomplete: "off", "aria-label": "Search names by regular expression", title: "Search (/ or Ctrl+F)",
		input: () => update({search: page.search.value}, false)});
	page.matched = make("output", {"aria-live": "polite"});
	return make("div", {id: "toolbar", role: "toolbar", "aria-label": "View and search"},
		select("view", "Order of the frames", Object.entries(views), (view) => update({view, zoom: ""})),
		button("icicle", "Icicle", "The root on top (i)", () => update({icicle: !state.icicle})),
		select("thread", source.timed ? "Thread" : "First frame", threads,
			(id) => update({thread: Number(id), zoom: ""})),
		select("color", "Colours (of changes: red is more, blue is less)", Object.entries(colorings),
			(color) => update({color})),
		button("functionsButton", "Functions", "Functions, their callers and callees (t)",
			() => update({functions: !state.functions})),
		page.search,
		button("ignoreCase", "Aa", "Ignore case", () => update({ignoreCase: !state.ignoreCase}, false),
			{"aria-label": "Ignore case"}),
		button("clear", "\u00d7", "End the search (Esc)", () => update({search: ""}),
			{"aria-label": "End the search"}),
		page.matched,
		button("theme", "\u25d0", "Light or dark", toggleTheme, {"aria-label": "Light or dark"}),
		button("helpButton", "?", "Keys and mouse (?)", () => page.help.showModal(),
			{"aria-label": "Keys and mouse"}));
}

const helpTexts = [
	["Click, Enter", "zoom into a frame"],
	["Backspace", "back"],
	["Esc", "end the search, then zoom out"],
	["Right click, m", "what can be done with a frame"],
	["\u2190 \u2191 \u2192 \u2193, Home", "move from frame to frame, to the zoomed one"],
	["Ctrl+wheel, + \u2212", "show a part of the width"],
	["Drag, Shift+\u2190 \u2192", "move that part"],
	["/ or Ctrl+F", "search"],
	["n, N", "next, previous frame found"],
	["i", "flame or icicle"],
	["t", "table of functions"],
	["s", "callers and callees of the function"],
	["f, h", "focus on the function, hide what goes through it"],
	["u", "end focus and hiding"],
	["c", "copy the name"],
];
function buildHelp() {
	const row = ([key, text]) => make("tr", {}, make("th", {scope: "row"}, key), make("td", {}, text));
	return page.help = make("dialog", {"aria-label": "Keys and mouse"},
		make("table", {}, make("tbody", {}, ...helpTexts.map(row))),
		make("button", {click: () => page.help.close()}, "Close"));
}
function buildPage() {
	page.canvas = make("canvas", {role: "application", tabindex: 0, "aria-roledescription": "flame graph",
		"aria-label": "Flame graph: arrow keys move between frames, Enter zooms, m opens a menu"});
	page.spacer = make("div", {id: "spacer"});
	page.graph = make("div", {id: "graph"}, page.canvas, page.spacer);
	page.functions = make("section", {id: "functions", "aria-label": "Functions", hidden: ""});
	page.crumbs = make("nav", {id: "crumbs", "aria-label": "Way to the zoomed frame"});
	page.chips = make("div", {id: "chips"});
	page.details = make("div", {id: "details"});
	page.live = make("div", {id: "live", role: "status", "aria-live": "polite"});
	page.menu = make("div", {id: "menu", role: "menu", "aria-label": "Frame", hidden: ""});
	const way = make("div", {id: "way"},
		button("back", "\u2190", "Back (Backspace)", goBack, {"aria-label": "Back"}), page.crumbs, page.chips);
	document.querySelector("header").append(buildToolbar(), way);
	page.ruler = make("div", {id: "ruler", "aria-hidden": "true", hidden: ""});
	const chart = make("div", {id: "chart"}, page.ruler, page.graph);
	document.body.append(make("main", {}, chart, page.functions), make("footer", {}, page.details, page.live),
		page.menu, buildHelp());
	page.thread.hidden = !source.timed && roots.length < 2;
	page.color.hidden = !source.old;
}

/* ---- what they show ---- */

function showControls() {
	page.view.value = state.view;
	page.thread.value = String(state.thread);
	page.color.value = state.color;
	if (page.search.value !== state.search)
		page.search.value = state.search;
	page.icicle.setAttribute("aria-pressed", String(state.icicle));
	page.ignoreCase.setAttribute("aria-pressed", String(state.ignoreCase));
	page.functionsButton.setAttribute("aria-pressed", String(state.functions));
	page.clear.hidden = !state.search;
	page.back.disabled = !stepsBack();
}
function showMatches() {
	const {matches, bad, counts} = currentMatches();
	picture.counts = counts;
	picture.repaint();
	page.search.setAttribute("aria-invalid", String(bad));
	page.matched.textContent = bad ? "Bad expression" : "";
	if (!matches)
		return;
	const share = 100 * matchedTotal(graph, zoomed, matches) / (graph.total[zoomed] || 1);
	page.matched.textContent = `Matched: ${share.toFixed(2)}%`;
}
function showDetails() {
	const frame = picture.hover >= 0 ? picture.hover : picture.cursor;
	const more = graph.cut ? " \u2013 the deeper callers are left out: zoom in" : "";
	page.details.textContent = describe(frame) + more;
	page.details.title = (frame && titleOf(graph.name[frame])) || "";
}
/* 1, 2 or 5 times a power of ten, at least that much. */
function roundStep(least) {
	const unit = 10 ** Math.floor(Math.log10(least));
	return [1, 2, 5, 10].find((times) => times * unit >= least) * unit;
}
/* Times from the start of the thread that is shown; for threads side by side there are none. */
function showRuler() {
	const {path, from, to, scale} = picture, one = path.length > 1 || state.thread >= 0 || roots.length < 2;
	page.ruler.hidden = state.view !== "time" || !one || to <= from;
	if (page.ruler.hidden)
		return;
	const zero = path.length > 1 ? graph.start[path[1]] : 0, step = roundStep(90 / scale), marks = [];
	for (let at = Math.ceil((from - zero) / step) * step; at < to - zero; at += step) {
		const mark = make("span", {}, showWeight(at, step));
		mark.style.left = (at + zero - from) * scale + "px";
		marks.push(mark);
	}
	page.ruler.replaceChildren(...marks);
}
/* The way to the zoomed frame; of a long one its ends. */
function showCrumbs() {
	const path = picture.path, most = 8, long = path.length > most;
	const ends = long ? [2, path.length - most + 2] : [path.length, path.length];
	const crumb = (frame) => make("button", {class: "link", "aria-current": frame === zoomed ? "true" : null,
		click: () => zoomTo(frame)}, nameOf(frame ? graph.name[frame] : -1));
	const left = Array.from(path.subarray(0, ends[0]), crumb), right = Array.from(path.subarray(ends[1]), crumb);
	const between = long ? [make("span", {class: "faint"}, `\u2026 ${ends[1] - 2} frames \u2026`)] : [];
	page.crumbs.replaceChildren(...left, ...between, ...right);
}
/* The filters, as buttons that remove them. */
function showChips() {
	const chip = (text, changes) => make("button", {class: "chip", "aria-label": `Remove: ${text}`, title: text,
		click: () => update({zoom: "", ...changes})}, `\u00d7 ${text}`);
	const focus = state.focus < 0 ? [] : [chip(`Focus: ${nameOf(state.focus)}`, {focus: -1})];
	page.chips.replaceChildren(...focus, ...state.hidden.map((id) =>
		chip(`Hidden: ${nameOf(id)}`, {hidden: state.hidden.filter((other) => other !== id)})));
}
function showFunctions() {
	const {functions, chosen, search} = state, {matches, key} = currentMatches();
	if (page.functions.hidden === functions) {
		page.functions.hidden = !functions;
		picture.fit();
	}
	if (!functions)
		return;
	const sums = once("sums", treeKey, () => sumFunctions(tree, nameCount));
	const relatives = chosen < 0 ? null
		: once("relatives", [treeKey, chosen].join(";"), () => sumRelatives(tree, nameCount, chosen));
	once("table", [treeKey, chosen, search && key].join(";"),
		() => table.show(sums, chosen, relatives, (id) => !search || !matches || matches[id]));
}
/* Makes the page what the state says. */
function refresh() {
	const before = graph, frame = zoomed;
	makeGraph();
	if (graph !== before || zoomed !== frame || picture.icicle !== state.icicle) {
		picture.icicle = state.icicle;
		picture.show(graph, zoomed);
	}
	const [from, to] = state.span.split("~").map(Number);
	if (to > from && from >= 0)
		picture.setSpan(from, to);
	else if (!picture.isWhole)
		picture.setSpan(0, Infinity);
	picture.deltaOf = once("delta", [graphKey, state.color].join(";"), makeDelta);
	showMatches();
	showControls();
	showCrumbs();
	showChips();
	showFunctions();
	showDetails();
}
/* Changes the state; as a step that Back takes back, if it is not one of many (such as letters of a search). A zoom
 * ends the part that was shown. */
function update(changes, newStep = true) {
	Object.assign(state, "zoom" in changes ? {span: ""} : {}, changes);
	refresh();
	saveState(newStep);
	page.back.disabled = !stepsBack();
}
