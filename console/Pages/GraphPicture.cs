using System.Globalization;
using System.Text;

namespace Disa.WebConsole.Pages;

/// <summary>A workflow's graph, with the states and lines that an execution took.</summary>
internal static class GraphPicture
{
    public static Html Draw(WorkflowGraph graph, WorkflowRun run)
    {
        var known = graph.States.Select(state => state.Name).ToHashSet(StringComparer.Ordinal);
        var own = run.Steps.Where(step => step.Depth == 0).ToList();
        // The definition may have changed since this execution ran.
        var strangers = own.Select(step => step.State).Where(state => !known.Contains(state)).Distinct().ToList();
        var taken = own.Where(step => step.From is not null).Select(step => (step.From!, step.State)).ToHashSet();
        graph = new([.. graph.States, .. strangers.Select(state => (state, ""))], [.. graph.Edges, .. taken.Where(edge => strangers.Contains(edge.Item1) || strangers.Contains(edge.State)).Except(graph.Edges)]);
        var layout = new GraphLayout(graph);
        var path = string.Join(", ", own.Select(step => step.State));
        return Html.Of(
            $"""
            <svg class="graph" data-keeps="style" viewBox="0 0 {layout.Width} {layout.Height}" width="{layout.Width}" height="{layout.Height}" role="img" aria-label="The workflow's states; this execution went through {path}.">
            <defs><marker id="tip-{run.Name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z"/></marker><marker id="taken-{run.Name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0 L8 4 L0 8 z"/></marker></defs>
            {graph.Edges.OrderBy(edge => taken.Contains(edge) ? 1 : 0).Select(edge => Line(layout, edge, taken.Contains(edge), run.Name))}
            {graph.States.Select(state => Box(layout, state.Name, state.Type, own.Where(step => step.State == state.Name).ToList()))}
            </svg>
            """);
    }

    private static Html Box(GraphLayout layout, string name, string type, List<WorkflowStep> visits)
    {
        var (x, y) = layout[name];
        var kind = visits.Count == 0 ? "" : visits.Any(visit => visit.Errors.Count > 0) || type == "Fail" ? "taken bad" : "taken";
        return Html.Of(
            $"""
            <g class="state {kind} {type.ToLowerInvariant()}"><title>{name} ({type}){Html.When(visits.Count > 1, $", entered {visits.Count} times")}</title>
            <rect x="{x - (GraphLayout.NodeWidth / 2)}" y="{y - (GraphLayout.NodeHeight / 2)}" width="{GraphLayout.NodeWidth}" height="{GraphLayout.NodeHeight}" rx="{(type is "Succeed" or "Fail" ? 17 : type == "Choice" ? 2 : 7)}"/>
            <text x="{x}" y="{y + 4.5}" text-anchor="middle">{name}</text></g>
            """);
    }

    private static Html Line(GraphLayout layout, (string From, string To) edge, bool isTaken, string name)
    {
        var d = new StringBuilder();
        var (fromX, fromY) = layout[edge.From];
        var (toX, toY) = layout[edge.To];
        if (layout.IsBack(edge))
        {
            // Around the right side of both.
            var side = Math.Max(fromX, toX) + (GraphLayout.NodeWidth / 2) + 30;
            d.Append(CultureInfo.InvariantCulture, $"M{fromX + (GraphLayout.NodeWidth / 2):0.#} {fromY:0.#} C{side:0.#} {fromY:0.#} {side:0.#} {toY:0.#} {toX + (GraphLayout.NodeWidth / 2) + 1:0.#} {toY:0.#}");
        }
        else
        {
            var (x, y) = (fromX, fromY + (GraphLayout.NodeHeight / 2));
            d.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}");
            foreach (var (nextX, nextY) in layout.Passes(edge))
            {
                Curve(nextX, nextY - (GraphLayout.NodeHeight / 2));
                d.Append(CultureInfo.InvariantCulture, $" L{nextX:0.#} {nextY + (GraphLayout.NodeHeight / 2):0.#}");
                (x, y) = (nextX, nextY + (GraphLayout.NodeHeight / 2));
            }

            Curve(toX, toY - (GraphLayout.NodeHeight / 2) - 1);

            void Curve(double endX, double endY) =>
                d.Append(CultureInfo.InvariantCulture, $" C{x:0.#} {(y + endY) / 2:0.#} {endX:0.#} {(y + endY) / 2:0.#} {endX:0.#} {endY:0.#}");
        }

        return Html.Of($"""<path class="edge{Html.When(isTaken, $" taken")}" d="{d.ToString()}" marker-end="url(#{(isTaken ? "taken" : "tip")}-{name})"/>""");
    }
}
