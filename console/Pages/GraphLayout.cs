namespace Disa.WebConsole.Pages;

/// <summary>Where the states of a workflow go: in layers from the start downwards, with room for the lines that pass a layer.</summary>
internal sealed class GraphLayout
{
    public const double NodeWidth = 148;
    public const double NodeHeight = 34;
    private const double LayerGap = 46;
    private const double NodeGap = 22;
    private const double PassWidth = 12;
    private const int Sweeps = 6;

    private readonly WorkflowGraph graph;
    private readonly Dictionary<string, int> layers = new(StringComparer.Ordinal);
    private readonly List<List<string>> rows = [];
    private readonly Dictionary<string, (double X, double Y)> places = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> back = [];

    public GraphLayout(WorkflowGraph graph)
    {
        this.graph = graph;
        FindBackEdges();
        FindLayers();
        var lines = FillRows();
        Sort(lines);
        Place();
    }

    public double Width { get; private set; }

    public double Height { get; private set; }

    /// <summary>The middle of a state's box.</summary>
    public (double X, double Y) this[string state] => places[state];

    public bool IsBack((string From, string To) edge) => back.Contains(edge);

    /// <summary>The points that a line passes between its two states.</summary>
    public IEnumerable<(double X, double Y)> Passes((string From, string To) edge)
    {
        for (var layer = layers[edge.From] + 1; layer < layers[edge.To]; layer++)
        {
            yield return places[Pass(edge, layer)];
        }
    }

    private static string Pass((string From, string To) edge, int layer) => $"{edge.From}\n{edge.To}\n{layer}";

    private static bool IsPass(string node) => node.Contains('\n', StringComparison.Ordinal);

    /// <summary>Those that lead to a state on the way to which they lie.</summary>
    private void FindBackEdges()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var under = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in graph.States)
        {
            Visit(name);
        }

        void Visit(string state)
        {
            if (!done.Add(state))
            {
                return;
            }

            under.Add(state);
            foreach (var edge in graph.Edges.Where(edge => edge.From == state))
            {
                if (under.Contains(edge.To))
                {
                    back.Add(edge);
                }
                else
                {
                    Visit(edge.To);
                }
            }

            under.Remove(state);
        }
    }

    /// <summary>A state's layer is the longest way to it.</summary>
    private void FindLayers()
    {
        foreach (var (name, _) in graph.States)
        {
            layers[name] = 0;
        }

        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (from, to) in graph.Edges.Where(edge => !back.Contains(edge)))
            {
                if (layers[to] <= layers[from])
                {
                    layers[to] = layers[from] + 1;
                    changed = true;
                }
            }
        }
    }

    private List<(string From, string To)> FillRows()
    {
        rows.AddRange(Enumerable.Range(0, layers.Count == 0 ? 1 : layers.Values.Max() + 1).Select(_ => new List<string>()));
        foreach (var (name, _) in graph.States)
        {
            rows[layers[name]].Add(name);
        }

        var lines = new List<(string From, string To)>();
        foreach (var edge in graph.Edges.Where(edge => !back.Contains(edge)))
        {
            var above = edge.From;
            for (var layer = layers[edge.From] + 1; layer < layers[edge.To]; layer++)
            {
                var pass = Pass(edge, layer);
                rows[layer].Add(pass);
                lines.Add((above, pass));
                above = pass;
            }

            lines.Add((above, edge.To));
        }

        return lines;
    }

    /// <summary>Each node goes where the middle of its neighbours is, downwards and upwards in turn.</summary>
    private void Sort(List<(string From, string To)> lines)
    {
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var down = sweep % 2 == 0;
            for (var i = 1; i < rows.Count; i++)
            {
                var row = rows[down ? i : rows.Count - 1 - i];
                var beside = rows[down ? i - 1 : rows.Count - i];
                var wish = row.ToDictionary(node => node, node =>
                {
                    var neighbours = lines.Where(line => down ? line.To == node : line.From == node).Select(line => beside.IndexOf(down ? line.From : line.To)).Where(at => at >= 0).ToList();
                    return neighbours.Count == 0 ? row.IndexOf(node) : neighbours.Average();
                }, StringComparer.Ordinal);
                rows[down ? i : rows.Count - 1 - i] = [.. row.OrderBy(node => wish[node])];
            }
        }
    }

    private void Place()
    {
        double WidthOf(List<string> row) => row.Sum(node => IsPass(node) ? PassWidth : NodeWidth) + (NodeGap * Math.Max(0, row.Count - 1));
        Width = rows.Max(WidthOf) + (back.Count > 0 ? 60 : 16);
        for (var layer = 0; layer < rows.Count; layer++)
        {
            var x = (Width - (back.Count > 0 ? 44 : 0) - WidthOf(rows[layer])) / 2;
            foreach (var node in rows[layer])
            {
                var width = IsPass(node) ? PassWidth : NodeWidth;
                places[node] = (x + (width / 2), 8 + (NodeHeight / 2) + (layer * (NodeHeight + LayerGap)));
                x += width + NodeGap;
            }
        }

        Height = 16 + (rows.Count * NodeHeight) + ((rows.Count - 1) * LayerGap);
    }
}
