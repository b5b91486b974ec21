// Returns the words of pictures that are cut off by the chart's edge or lie on other words of it.
() => {
  const found = [];
  for (const plot of document.querySelectorAll(".plot")) {
    const chart = plot.closest(".chart");
    const edge = chart.getBoundingClientRect();
    const words = [...plot.querySelectorAll(".area > span")]
      .filter((word) => word.checkVisibility())
      .map((word) => [word.textContent, word.getBoundingClientRect(), word.className]);
    words.forEach(([text, box, name], place) => {
      const is_cut = box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 || box.bottom > edge.bottom + 1;
      if (is_cut) found.push(`${chart.id}: ${text} is cut off`);
      for (const [other, its, kind] of words.slice(place + 1)) {
        if (kind.startsWith("tm") !== name.startsWith("tm")) continue; // what a moment is stands on its line, above the axis
        const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
        const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
        if (across > 1 && down > 3) found.push(`${chart.id}: ${text} lies on ${other}`);
      }
    });
  }
  return found;
}
