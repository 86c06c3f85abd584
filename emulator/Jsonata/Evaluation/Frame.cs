using Disa.Jsonata.Values;

namespace Disa.Jsonata.Evaluation;

/// <summary>A scope of variables.</summary>
/// <param name="library">Of the outermost frame: what is there without being bound.</param>
internal sealed class Frame(Frame? enclosing, IReadOnlyDictionary<string, NativeFunction>? library = null)
{
    private Dictionary<string, Value?>? _bindings;

    /// <summary>A frame in which a tuple's bindings are variables.</summary>
    public static Frame Of(Frame enclosing, TupleValue tuple) => new(enclosing) { _bindings = tuple.Bindings };

    public void Bind(string name, Value? value) => (_bindings ??= new(StringComparer.Ordinal))[name] = value;

    public Value? Find(string name)
    {
        for (var frame = this; frame is not null; frame = frame.Enclosing)
        {
            if (frame._bindings is not null && frame._bindings.TryGetValue(name, out var value))
            {
                return value;
            }

            if (frame.Library is not null && frame.Library.TryGetValue(name, out var function))
            {
                return function;
            }
        }

        return null;
    }

    private Frame? Enclosing { get; } = enclosing;

    private IReadOnlyDictionary<string, NativeFunction>? Library { get; } = library;
}
