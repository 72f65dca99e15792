#include "render/view/session.h"

#include <poll.h>
#include <time.h>

#include "render/view/draw.h"
#include "render/view/keys.h"
#include "render/view/status.h"

enum { LIVE_INTERVAL = 250, LEAST_GRAPH = 1, BATCH = 64 }; /* ms; lines; keys taken before the next drawing */

static long now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* ---- drawing ---- */

static void draw_page(struct viewer *viewer)
{
	struct window window = viewer_window(viewer);
	struct look look = {&window, &viewer->scheme, &viewer->search, viewer->at.selected, viewer->depth};
	int end = viewer->cells.height - 1;
	status_draw_heading(viewer);
	viewer->graph_y = 2;
	viewer->graph_end = status_draw_details(viewer);
	if (viewer->graph_end < viewer->graph_y + LEAST_GRAPH)
		viewer->graph_end = viewer->graph_y + LEAST_GRAPH;
	if (viewer->page != PAGE_GRAPH) {
		for (int y = viewer->graph_y; y < end; y++)
			cells_fill(&viewer->cells, y, 0, viewer->cells.width, (struct style){0});
		list_draw(&viewer->list, &viewer->cells, 1, end);
		return;
	}
	draw_rows(&look, &viewer->cells, viewer->graph_y, viewer->graph_end, viewer->scroll, viewer->icicle);
}

static void draw(struct viewer *viewer)
{
	struct buffer out = {0};
	struct cells shown = viewer->shown;
	int width, height;
	terminal_size(&width, &height);
	bool all = viewer->redraw || width != viewer->cells.width || height != viewer->cells.height;
	viewer->shown = viewer->cells; /* what is on the screen now */
	viewer->cells = shown;
	cells_resize(&viewer->cells, width, height);
	draw_page(viewer);
	paint_changes(&out, &viewer->cells, &viewer->shown, all, viewer->depth);
	terminal_write(&out);
	buffer_free(&out);
	viewer->redraw = false;
}

/* ---- what happens ---- */

static void take_keys(struct viewer *viewer)
{
	struct key key;
	for (int i = 0; i < BATCH && !viewer->quit && (key = terminal_key()).kind != K_NONE; i++)
		keys_press(viewer, key);
}

static void take_saved(struct viewer *viewer)
{
	bool good;
	if (!save_poll(&viewer->save, &good))
		return;
	if (good)
		viewer_say(viewer, "saved %s", viewer->save.path.at);
	else
		viewer_say(viewer, "%s", viewer->save.said.size ? viewer->save.said.at : "it could not be saved");
}

/* When live input is shown: after each graph the viewer waits at least as long as it took. */
struct pace {
	long started, next;
};

static void finish_build(struct viewer *viewer, struct pace *pace)
{
	long end = now(), took = end - pace->started;
	viewer_adopt(viewer);
	pace->next = end + (took > LIVE_INTERVAL ? took : LIVE_INTERVAL);
}

/* Takes what came in, and shows it if it is time. Returns how long to wait for that, -1 if there is nothing to wait
 * for.
 */
static int take_live(struct viewer *viewer, struct pace *pace)
{
	struct live *live = &viewer->live;
	if (live->fd < 0 || live->frozen || viewer->builder.busy)
		return -1;
	bool more = live_take(live, viewer->base);
	long left = pace->next - now();
	if (!live->unshown)
		return -1;
	if (left > 0)
		return more ? 0 : (int)left;
	live->unshown = false;
	pace->started = now();
	viewer_rebuild(viewer);
	pace->next = now() + LIVE_INTERVAL;
	return more ? 0 : -1;
}

/* Waits until something happens, at most so many milliseconds. */
static void wait_and_take(struct viewer *viewer, struct pace *pace, int milliseconds)
{
	struct pollfd fds[] = {{terminal_fd(), POLLIN, 0},
		{viewer->builder.busy ? viewer->builder.ends[0] : -1, POLLIN, 0},
		{viewer->save.child ? viewer->save.fd : -1, POLLIN, 0},
		{live_wants(&viewer->live) ? viewer->live.fd : -1, POLLIN, 0}};
	poll(fds, sizeof fds / sizeof *fds, milliseconds);
	if (!viewer->builder.busy)
		pace->started = now(); /* a key may start it */
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		viewer->quit = true;
	if (fds[1].revents)
		finish_build(viewer, pace);
	if (fds[2].revents)
		take_saved(viewer);
	if (fds[3].revents) {
		live_read(&viewer->live);
		viewer->redraw = true; /* the program that sends may have written to the same terminal */
	}
	take_keys(viewer); /* also after a signal: the window may have another size */
}

void session_run(struct viewer *viewer)
{
	struct pace pace = {0};
	while (!viewer->quit) {
		int wait = take_live(viewer, &pace);
		const char *said = terminal_message();
		if (*said)
			viewer_say(viewer, "%s", said);
		viewer->redraw |= terminal_resumed();
		draw(viewer);
		wait_and_take(viewer, &pace, wait);
	}
	while (viewer->save.child)
		take_saved(viewer);
}
