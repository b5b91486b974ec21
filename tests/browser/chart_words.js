// Returns the words of charts that are cut off by the chart's edge or lie on other words of it.
() => {
  const found = [];
  for (const plot of document.querySelectorAll(".plot.drawn")) {
    const edge = plot.getBoundingClientRect();
    const words = [...plot.querySelectorAll(".annotation-text, .xtick text, .ytick text")]
      .map((text) => [text.textContent, text.getBoundingClientRect()]);
    words.forEach(([text, box], place) => {
      const is_cut = box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 || box.bottom > edge.bottom + 1;
      if (is_cut) found.push(`${plot.id}: ${text} is cut off`);
      for (const [other, its] of words.slice(place + 1)) {
        const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
        const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
        if (across > 1 && down > 3) found.push(`${plot.id}: ${text} lies on ${other}`);
      }
    });
  }
  return found;
}
