using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>
/// What a stack takes from Parameter Store: the values behind its SSM parameters, and those that <c>{{resolve:ssm:…}}</c> names. Each create
/// and each update reads them again, whatever else changes (recorded on AWS).
/// </summary>
internal sealed class ParameterStore(ServiceCalls calls)
{
    private const int MostNames = 10;
    private const string SecureString = "SecureString";
    private const string StringList = "StringList";

    /// <summary>The input with what its template takes from Parameter Store.</summary>
    /// <param name="evaluate">What the template's functions answer before the operation begins.</param>
    /// <exception cref="AwsException">ValidationError: a parameter is not there, or of another type.</exception>
    public async Task<StackInput> Settle(
        Template template,
        StackInput input,
        Func<StackInput, Evaluation> evaluate,
        Caller caller,
        CancellationToken cancellation
    )
    {
        input = await Typed(template, input, caller, cancellation).ConfigureAwait(false);
        var inParameters = input.Parameters.Values.SelectMany(DynamicReference.In).ToList();
        if (inParameters.Count > 0)
        {
            var known = await Read(inParameters, caller, cancellation).ConfigureAwait(false);
            foreach (var (name, value) in input.Parameters.Where(parameter => DynamicReference.AreIn(parameter.Value)))
            {
                input = input with { Resolved = new(input.Resolved) { [name] = DynamicReference.Replace(value, known) } };
            }
        }

        if (template.Rules.Entries.Count > 0)
        {
            new Rules(template, input.Values, evaluate(input)).Check();
        }

        if (!template.NamesDynamicReferences && !input.Values.Values.Any(DynamicReference.AreIn))
        {
            return input with { References = [] };
        }

        var evaluation = evaluate(input);
        var found = template
            .Resources.Values.Where(resource => evaluation.IsActive(resource.Condition))
            .SelectMany(resource =>
                DynamicReference.In(evaluation.Properties(resource)).Select(one => (resource.Type, one.Path, one.Reference))
            )
            .Where(one => one.Reference.Service != DynamicReference.SecretsManager)
            .ToList();
        Refuse(found);
        return input with
        {
            References = await Read(
                    [.. found.Select(one => one.Reference).Where(one => one.Service == DynamicReference.Ssm)],
                    caller,
                    cancellation
                )
                .ConfigureAwait(false),
        };
    }

    /// <summary>None of the properties that AWS takes secure strings in belongs to a type that is here.</summary>
    private static void Refuse(IReadOnlyList<(string Type, string Path, DynamicReference Reference)> found)
    {
        foreach (var (_, _, reference) in found.Where(one => !one.Reference.IsWellFormed))
        {
            throw TemplateErrors.Validation($"Incorrect format is used in the following SSM reference: [{reference.Text}]");
        }

        var secure = found.Where(one => one.Reference.Service == DynamicReference.SsmSecure).ToList();
        if (secure.Count > 0)
        {
            throw TemplateErrors.Validation(
                $"SSM Secure reference is not supported in: [{string.Join(',', secure.Select(one => $"{one.Type}/Properties/{one.Path}"))}]"
            );
        }
    }

    private async Task<StackInput> Typed(Template template, StackInput input, Caller caller, CancellationToken cancellation)
    {
        var typed = template
            .Parameters.Values.Where(parameter => parameter.IsFromStore && input.Parameters.ContainsKey(parameter.Name))
            .ToList();
        if (typed.Count == 0)
        {
            return input with { Resolved = [], Fault = null };
        }

        var read = await Fetch([.. typed.Select(parameter => input.Parameters[parameter.Name])], caller, cancellation)
            .ConfigureAwait(false);
        var values = typed.Where(parameter => parameter.IsStoreValue).ToList();
        Require(
            Without(values, found => found is not null),
            names => $"Unable to fetch parameters [{names}] from parameter store for this account."
        );
        Require(
            Without(values, found => found!.Value.Type != SecureString),
            names => $"Parameters [{names}] referenced by template have types not supported by CloudFormation."
        );
        Require(
            [
                .. values
                    .Where(parameter => parameter.IsStoreList != (read[input.Parameters[parameter.Name]]!.Value.Type == StringList))
                    .Select(parameter => input.Parameters[parameter.Name]),
            ],
            names => $"Types for SSM parameters [{names}] defined in CFN template and SSM are incompatible"
        );
        return input with
        {
            Resolved = values.ToDictionary(
                parameter => parameter.Name,
                parameter => Trimmed(parameter, read[input.Parameters[parameter.Name]]!.Value.Value)
            ),
            Fault = typed
                .Where(parameter => !parameter.IsStoreValue && read[input.Parameters[parameter.Name]] is null)
                .Select(parameter =>
                    $"Parameter validation failed: parameter value {input.Parameters[parameter.Name]} for parameter name {parameter.Name} does not exist."
                )
                .FirstOrDefault(),
        };

        List<string> Without(List<TemplateParameter> of, Func<(string Type, string Value)?, bool> fits) =>
            [.. of.Select(parameter => input.Parameters[parameter.Name]).Where(name => !fits(read[name]))];
    }

    private static void Require(List<string> wrong, Func<string, string> message)
    {
        if (wrong.Count > 0)
        {
            throw TemplateErrors.Validation(message(string.Join(", ", wrong.Distinct())));
        }
    }

    /// <summary>The items of a list lose the blanks around them (recorded on AWS).</summary>
    private static string Trimmed(TemplateParameter parameter, string value) =>
        parameter.IsStoreList ? string.Join(',', value.Split(',').Select(item => item.Trim())) : value;

    private async Task<Dictionary<string, string>> Read(
        IReadOnlyList<DynamicReference> references,
        Caller caller,
        CancellationToken cancellation
    )
    {
        foreach (var wrong in references.Where(reference => !reference.IsWellFormed))
        {
            throw TemplateErrors.Validation($"Incorrect format is used in the following SSM reference: [{wrong.Text}]");
        }

        var read = await Fetch([.. references.Select(reference => reference.Key)], caller, cancellation).ConfigureAwait(false);
        Require(
            [.. references.Where(reference => read[reference.Key] is null).Select(reference => "ssm:" + reference.Key)],
            names => $"Parameters: [{names}] cannot be found."
        );
        if (references.FirstOrDefault(reference => read[reference.Key]!.Value.Type == SecureString) is { } secure)
        {
            throw TemplateErrors.Validation($"Non-secure ssm prefix was used for secure parameter {secure.Name}");
        }

        return references.DistinctBy(one => one.Text).ToDictionary(one => one.Text, one => read[one.Key]!.Value.Value);
    }

    /// <summary>The parameters by the name that was asked for; null where there is none.</summary>
    private async Task<Dictionary<string, (string Type, string Value)?>> Fetch(
        IReadOnlyList<string> names,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var read = names.Distinct().ToDictionary(name => name, _ => ((string, string)?)null, StringComparer.Ordinal);
        foreach (var some in read.Keys.ToList().Chunk(MostNames))
        {
            var members = JsonSerializer.Serialize(new() { ["Names"] = some }, AwsJson.Default.DictionaryStringStringArray);
            var answer = await calls.Call("ssm", "GetParameters", members, caller, cancellation).ConfigureAwait(false);
            foreach (var parameter in answer.GetProperty("Parameters").EnumerateArray())
            {
                var selector = parameter.TryGetProperty("Selector", out var given) ? given.GetString() : "";
                read[parameter.GetProperty("Name").GetString() + selector] = (
                    parameter.GetProperty("Type").GetString()!,
                    parameter.GetProperty("Value").GetString()!
                );
            }
        }

        return read;
    }
}
