/* Tables are sorted by their headings, and those with data-filter get a field that filters their rows. Of a long table the
 * first rows are shown, and the others when they are asked for: the browser is slow with ten thousand. */

/* Texts sort by such keys as natural_compare says: digits count as numbers, the case of letters does not. */
function naturalKey(text) {
	return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
		.replace(/0*(\d+)/g, (run, digits) => "0" + String.fromCharCode(digits.length) + digits);
}
const MOST_ROWS = 500;

function valueOf(row, column) {
	const cell = row.cells[column];
	return cell.dataset.v === undefined ? naturalKey(cell.textContent) : Number(cell.dataset.v);
}
function compareValues(a, b) {
	return typeof a === "number" && typeof b === "number" ? a - b : (a > b) - (a < b);
}
/* Numbers fall at the first click, texts rise; the second click turns it round. */
function sortTable(list, heading) {
	const {table} = list, column = heading.cellIndex, body = table.tBodies[0], numeric = heading.classList.contains("n");
	const before = heading.getAttribute("aria-sort");
	const falling = before ? before === "ascending" : numeric;
	const keyed = Array.from(body.rows, (row, place) => ({row, place, value: valueOf(row, column)}));
	keyed.sort((a, b) => (falling ? -1 : 1) * compareValues(a.value, b.value) || a.place - b.place);
	body.append(...keyed.map(({row}) => row));
	for (const other of table.tHead.rows[0].cells)
		other.removeAttribute("aria-sort");
	heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
	showRows(list);
}
function makeSortable(list) {
	for (const heading of list.table.tHead.rows[0].cells) {
		if (heading.textContent === "Graph")
			continue;
		const button = document.createElement("button");
		button.type = "button";
		button.append(...heading.childNodes);
		button.addEventListener("click", () => sortTable(list, heading));
		heading.append(button);
	}
}

/* The first rows in which every word of the filter stands. */
function showRows(list) {
	const rows = Array.from(list.table.tBodies[0].rows);
	let found = 0;
	for (const row of rows) {
		const fits = !list.words.length || list.words.every((word) => contentOf(list, row).includes(word));
		found += fits;
		row.hidden = !fits || found > list.most;
	}
	list.said.textContent = list.words.length ? `${found} of ${rows.length}` : "";
	list.more.hidden = found <= list.most;
	list.more.textContent = `Show all ${found} rows, not ${list.most}`;
}
function contentOf(list, row) {
	if (!list.contents.has(row))
		list.contents.set(row, row.textContent.toLowerCase());
	return list.contents.get(row);
}
function makeFilterable(list) {
	const tool = document.createElement("div"), field = document.createElement("input");
	tool.className = "tool";
	field.type = "search";
	field.placeholder = list.table.dataset.filter;
	field.setAttribute("aria-label", list.table.dataset.filter);
	field.addEventListener("input", () => {
		list.words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
		showRows(list);
	});
	tool.append(field, list.said);
	list.table.parentElement.before(tool);
}
function makeLimited(list) {
	list.more.type = "button";
	list.more.className = "more-rows";
	list.more.addEventListener("click", () => {
		list.most = Infinity;
		showRows(list);
	});
	list.table.parentElement.after(list.more);
	showRows(list);
}

for (const table of document.querySelectorAll("table.sortable")) {
	const list = {table, words: [], contents: new Map(), most: MOST_ROWS,
		said: document.createElement("output"), more: document.createElement("button")};
	makeSortable(list);
	if (table.dataset.filter)
		makeFilterable(list);
	if (table.tBodies[0].rows.length > MOST_ROWS)
		makeLimited(list);
}

/* A link into closed details opens them. */
function openTarget() {
	const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
	for (let at = target; at; at = at.parentElement)
		if (at.tagName === "DETAILS")
			at.open = true;
	if (target)
		target.scrollIntoView();
}
window.addEventListener("hashchange", openTarget);
if (location.hash)
	openTarget();
