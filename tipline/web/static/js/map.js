// Draws the points of the list on a map. The list is the truth: without this script it stands alone and says the same.
const holder = document.getElementById("map");
const rows = [...document.querySelectorAll("#map-points [data-latitude]")];
const Leaflet = window.L;

if (holder && rows.length && Leaflet) {
  holder.hidden = false;
  const map = Leaflet.map(holder, { zoomControl: false, attributionControl: false });
  Leaflet.control.zoom({ zoomInTitle: holder.dataset.zoomIn, zoomOutTitle: holder.dataset.zoomOut }).addTo(map);
  Leaflet.control.scale({ imperial: false }).addTo(map);

  const Grid = Leaflet.GridLayer.extend({
    createTile() {
      const tile = document.createElement("div");
      tile.className = "map-tile";
      return tile;
    },
  });
  const under = holder.dataset.tiles ? Leaflet.tileLayer(holder.dataset.tiles, { maxZoom: 18 }) : new Grid();
  under.addTo(map);

  // The place is drawn last, on top of a camera that stands at the same spot.
  const drawn = rows.reverse().map((row) => {
    const at = [Number(row.dataset.latitude), Number(row.dataset.longitude)];
    const radius = row.dataset.kind === "place" ? 10 : 7;
    const className = `map-${row.dataset.kind}`;
    const marker = Leaflet.circleMarker(at, { radius, className, weight: 2, fillOpacity: 0.6 });
    return marker.bindTooltip(document.createTextNode(row.dataset.name).textContent).addTo(map);
  });
  map.fitBounds(Leaflet.featureGroup(drawn).getBounds(), { padding: [40, 40], maxZoom: 16 });
}
