/* Tables are sorted by their headings, and those with data-filter get a field that filters their rows. */

/* Texts sort by such keys as natural_compare says: digits count as numbers, the case of letters does not. */
function naturalKey(text) {
	return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
		.replace(/0*(\d+)/g, (run, digits) => "0" + String.fromCharCode(digits.length) + digits);
}
function valueOf(row, column) {
	const cell = row.cells[column];
	return cell.dataset.v === undefined ? naturalKey(cell.textContent) : Number(cell.dataset.v);
}
function compareValues(a, b) {
	return typeof a === "number" && typeof b === "number" ? a - b : (a > b) - (a < b);
}
/* Numbers fall at the first click, texts rise; the second click turns it round. */
function sortTable(table, heading) {
	const column = heading.cellIndex, body = table.tBodies[0], numeric = heading.classList.contains("n");
	const before = heading.getAttribute("aria-sort");
	const falling = before ? before === "ascending" : numeric;
	const keyed = Array.from(body.rows, (row, place) => ({row, place, value: valueOf(row, column)}));
	keyed.sort((a, b) => (falling ? -1 : 1) * compareValues(a.value, b.value) || a.place - b.place);
	body.append(...keyed.map(({row}) => row));
	for (const other of table.tHead.rows[0].cells)
		other.removeAttribute("aria-sort");
	heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
}
function makeSortable(table) {
	for (const heading of table.tHead.rows[0].cells) {
		if (heading.textContent === "Graph")
			continue;
		const button = document.createElement("button");
		button.type = "button";
		button.append(...heading.childNodes);
		button.addEventListener("click", () => sortTable(table, heading));
		heading.append(button);
	}
}

/* Rows in which every word of the filter stands. */
function filterTable(table, text, said) {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	let shown = 0;
	for (const row of table.tBodies[0].rows) {
		const content = row.textContent.toLowerCase();
		row.hidden = !words.every((word) => content.includes(word));
		shown += row.hidden ? 0 : 1;
	}
	said.textContent = words.length ? `${shown} of ${table.tBodies[0].rows.length}` : "";
}
function makeFilterable(table) {
	const tool = document.createElement("div"), field = document.createElement("input");
	const said = document.createElement("output");
	tool.className = "tool";
	field.type = "search";
	field.placeholder = table.dataset.filter;
	field.setAttribute("aria-label", table.dataset.filter);
	field.addEventListener("input", () => filterTable(table, field.value, said));
	tool.append(field, said);
	table.parentElement.before(tool);
}

for (const table of document.querySelectorAll("table.sortable"))
	makeSortable(table);
for (const table of document.querySelectorAll("table[data-filter]"))
	makeFilterable(table);

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
