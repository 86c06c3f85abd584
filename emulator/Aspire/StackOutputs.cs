using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The outputs of all stacks that were deployed.</summary>
internal sealed class StackOutputs
{
    private readonly Dictionary<(string Stack, string Output), string> values = [];
    private readonly Dictionary<string, (string Stack, string Value)> configuration = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>As environment variables: configuration reads <c>__</c> as <c>:</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables =>
        configuration.Select(pair => KeyValuePair.Create(pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value.Value));

    /// <exception cref="DistributedApplicationException">Another stack has an output of that name in that section.</exception>
    public void Add(string stack, string section, IReadOnlyDictionary<string, string> outputs)
    {
        foreach (var (name, value) in outputs)
        {
            values[(stack, name)] = value;
            var key = section + ":" + name;
            if (!configuration.TryAdd(key, (stack, value)) && configuration[key].Stack != stack)
            {
                throw new DistributedApplicationException(
                    string.Format(
                        CultureInfo.InvariantCulture,
                        "The stacks {0} and {1} both have the output {2}: give one of them another configSection.",
                        configuration[key].Stack,
                        stack,
                        name
                    )
                );
            }
        }
    }

    /// <exception cref="DistributedApplicationException">No stack, or more than one, has it.</exception>
    public string Find(string? stack, string name)
    {
        var found = values.Where(pair => pair.Key.Output == name && (stack is null || pair.Key.Stack == stack)).ToList();
        return found switch
        {
            [var only] => only.Value,
            [] => throw new DistributedApplicationException(
                stack is null ? $"No stack has an output {name}." : $"The stack {stack} has no output {name}."
            ),
            _ => throw new DistributedApplicationException(
                $"The stacks {string.Join(", ", found.Select(pair => pair.Key.Stack).Order(StringComparer.Ordinal))} have an output {name}: name the stack."
            ),
        };
    }
}
