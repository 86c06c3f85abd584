using System.Text.Json;

namespace Disa.Asl.Data;

/// <summary>What expressions can see: <c>$</c>, <c>$$</c>, <c>$variables</c>, and chance.</summary>
internal sealed class Scope(JsonElement input, Func<JsonElement> context, JsonElement variables, Random random)
{
    private JsonElement _context;

    public JsonElement Input { get; } = input;

    public JsonElement Variables { get; } = variables;

    public Random Random { get; } = random;

    /// <summary>Made when first asked for: most states never look at it.</summary>
    public JsonElement Context => _context.IsDefined() ? _context : _context = context();

    public Scope With(JsonElement other) => new(other, () => Context, Variables, Random);
}
