using System.ComponentModel;
using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A template that is deployed at the start.</summary>
/// <param name="Template">Its path.</param>
/// <param name="StackName">The stack's name; null takes that of the file.</param>
/// <param name="Parameters">Values, or what has values once the application starts.</param>
/// <param name="ConfigSection">The section of the configuration that its outputs go to.</param>
internal sealed record StackDeployment(
    string Template,
    string? StackName,
    IReadOnlyDictionary<string, object?> Parameters,
    string ConfigSection
)
{
    /// <summary>A dictionary's entries, or the properties of an object.</summary>
    public static IReadOnlyDictionary<string, object?> ParametersOf(object? given) =>
        given switch
        {
            null => new Dictionary<string, object?>(),
            IEnumerable<KeyValuePair<string, string>> texts => texts.ToDictionary(pair => pair.Key, pair => (object?)pair.Value),
            IEnumerable<KeyValuePair<string, object?>> values => values.ToDictionary(pair => pair.Key, pair => pair.Value),
            _ => TypeDescriptor
                .GetProperties(given)
                .Cast<PropertyDescriptor>()
                .ToDictionary(property => property.Name, property => property.GetValue(given)),
        };

    /// <summary>The values as they are now; a parameter without one is left to the template's default.</summary>
    public static async Task<Dictionary<string, string>> Resolve(
        IReadOnlyDictionary<string, object?> parameters,
        CancellationToken cancellation
    )
    {
        var resolved = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, given) in parameters)
        {
            var value = given switch
            {
                IResourceBuilder<IResource> { Resource: IValueProvider resource } => await resource
                    .GetValueAsync(cancellation)
                    .ConfigureAwait(false),
                IValueProvider provider => await provider.GetValueAsync(cancellation).ConfigureAwait(false),
                _ => Convert.ToString(given, CultureInfo.InvariantCulture),
            };
            if (given is not null && value is not null)
            {
                resolved[name] = value;
            }
        }

        return resolved;
    }
}

/// <summary>Disa's dispatcher, deployed at the start.</summary>
/// <param name="Email">The subscriber; empty for none.</param>
/// <param name="StackName">The root stack's name.</param>
/// <param name="Parameters">Parameters of the root stack.</param>
internal sealed record DispatcherDeployment(string Email, string StackName, IReadOnlyDictionary<string, object?> Parameters)
{
    public const string ConfigSection = "Disa";
}
