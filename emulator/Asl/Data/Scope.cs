using System.Text.Json;

namespace Disa.Asl.Data;

/// <summary>What expressions can see: <c>$</c>, <c>$$</c>, <c>$variables</c>, time, and chance.</summary>
internal sealed class Scope(JsonElement input, Func<JsonElement> context, JsonElement variables, Moment moment)
{
    private JsonElement _context;

    public JsonElement Input { get; } = input;

    public JsonElement Variables { get; } = variables;

    public Random Random => Moment.Random;

    public Moment Moment { get; } = moment;

    /// <summary>What <c>$states.result</c> is; undefined before there is one.</summary>
    public JsonElement Result { get; private init; }

    /// <summary>What <c>$states.errorOutput</c> is; undefined outside of a Catch.</summary>
    public JsonElement ErrorOutput { get; private init; }

    /// <summary>Made when first asked for: most states never look at it.</summary>
    public JsonElement Context => _context.IsDefined() ? _context : _context = context();

    public Scope With(JsonElement other) => new(other, () => Context, Variables, Moment);

    public Scope WithResult(JsonElement result) => new(Input, () => Context, Variables, Moment) { Result = result };

    public Scope WithError(JsonElement error) => new(Input, () => Context, Variables, Moment) { ErrorOutput = error };
}
