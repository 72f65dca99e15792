/* The one-file report: its graphs stand in it as gzipped pages, which are unpacked when they are asked for. */

async function unpack(id) {
	const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
	const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
	return new Blob([await new Response(plain).arrayBuffer()], {type: "text/html"});
}
async function toggleGraph(button) {
	const open = button.getAttribute("aria-expanded") === "true", box = button.closest("section");
	button.setAttribute("aria-expanded", String(!open));
	if (open) {
		box.querySelector(`iframe[data-of="${button.dataset.graph}"]`).remove();
	} else {
		const frame = document.createElement("iframe");
		frame.dataset.of = button.dataset.graph;
		frame.title = button.textContent;
		frame.height = button.dataset.height;
		button.parentElement.after(frame);
		frame.src = URL.createObjectURL(await unpack(button.dataset.graph));
	}
	box.classList.toggle("open", box.querySelector("iframe") !== null);
}
for (const button of document.querySelectorAll("button[data-graph]"))
	button.addEventListener("click", () => toggleGraph(button));
