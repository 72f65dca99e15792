/* The search for a function in all profiles. Its data is a script, because a page from disk may not read files; it is
 * loaded when the field is first used, and calls window.reportFunctions(data). In a one-file report it stands in the page.
 *	profiles	[name, address of its page, weight]
 *	functions	[name, file, [place of a profile, self, total, ...]] */

const section = document.getElementById("search"), MOST_FOUND = 50, MOST_PROFILES = 100;
let index = null;

function percent(weight, all) {
	return (all ? 100 * weight / all : 0).toFixed(2) + "%";
}
/* The profiles of a function, the largest self share first. */
function usesOf([, , numbers]) {
	const uses = [];
	for (let i = 0; i < numbers.length; i += 3) {
		const [name, address, all] = index.profiles[numbers[i]];
		uses.push({name, address, all, self: numbers[i + 1], total: numbers[i + 2]});
	}
	return uses.sort((a, b) => b.self / b.all - a.self / a.all || b.total / b.all - a.total / a.all);
}
function makeElement(tag, className, ...children) {
	const element = document.createElement(tag);
	element.className = className;
	element.append(...children);
	return element;
}
function showUse({name, address, all, self, total}) {
	const link = makeElement("a", "", name);
	link.href = address;
	return makeElement("li", "", link, ` self ${percent(self, all)}, total ${percent(total, all)}`);
}
function shortName(name) {
	return name.length > 300 ? name.slice(0, 300) + "\u2026" : name;
}
/* One function: its profiles are listed when it is opened. */
function showFunction(entry) {
	const uses = usesOf(entry), [name, file] = entry, most = uses[0];
	const said = ` ${file ? shortName(file) + ", " : ""}in ${uses.length} ${uses.length === 1 ? "profile" : "profiles"}, ` +
		`self up to ${percent(most.self, most.all)}`;
	const details = makeElement("details", "",
		makeElement("summary", "", shortName(name) || "(no name)", makeElement("span", "faint", said)));
	details.addEventListener("toggle", () => {
		if (details.open && details.childElementCount === 1)
			details.append(makeElement("ul", "", ...uses.slice(0, MOST_PROFILES).map(showUse)));
	});
	return details;
}
function findFunctions(text) {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	const has = ([name, file]) => {
		const content = `${name} ${file}`.toLowerCase();
		return words.every((word) => content.includes(word));
	};
	return words.length ? index.functions.filter(has) : [];
}
/* What is named just so comes first, then what starts so, then what weighs most. */
function sortFound(found, text) {
	const wanted = text.trim().toLowerCase();
	const rank = (name) => name === wanted ? 0 : name.startsWith(wanted) ? 1 : 2;
	const keyed = found.map((entry) => ({entry, rank: rank(entry[0].toLowerCase()), most: usesOf(entry)[0]}));
	keyed.sort((a, b) => a.rank - b.rank || b.most.self / b.most.all - a.most.self / a.most.all ||
		b.most.total / b.most.all - a.most.total / a.most.all);
	return keyed.map(({entry}) => entry);
}
function showFound(field, said, results) {
	const found = sortFound(findFunctions(field.value), field.value), shown = found.slice(0, MOST_FOUND);
	said.textContent = !field.value.trim() ? "" : found.length > shown.length ?
		`${found.length} functions, the first ${shown.length} are shown` :
		`${found.length} ${found.length === 1 ? "function" : "functions"}`;
	results.replaceChildren(...shown.map(showFunction));
}
function startSearch() {
	const field = section.querySelector("input"), said = section.querySelector("output");
	const results = section.querySelector(".results");
	const update = () => index && showFound(field, said, results);
	window.reportFunctions = (data) => {
		index = data;
		update();
	};
	const load = () => {
		const data = document.getElementById("search-data");
		if (data && !index && !data.src)
			window.reportFunctions(JSON.parse(data.textContent));
		if (data)
			return;
		const script = document.createElement("script");
		script.id = "search-data";
		script.src = "search.js";
		document.head.append(script);
	};
	field.addEventListener("focus", load);
	field.addEventListener("input", update);
}
if (section)
	startSearch();
