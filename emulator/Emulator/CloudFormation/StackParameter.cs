using System.Text.RegularExpressions;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation;

/// <summary>A parameter of a request or an answer.</summary>
internal sealed record StackParameter(
    string? ParameterKey,
    string? ParameterValue = null,
    bool? UsePreviousValue = null,
    string? ResolvedValue = null
);

/// <summary>An operation's answer without members.</summary>
internal sealed record EmptyResponse
{
    public static readonly EmptyResponse Value = new();
}

/// <summary>What requests that start stack operations have in common.</summary>
internal static partial class StackRequests
{
    private const string NamePattern = "[a-zA-Z][-a-zA-Z0-9]*";

    public const string NameOrArnPattern = NamePattern + "|arn:[-a-zA-Z0-9:/._+]*";

    public static void CheckName(string? name, string pattern = NamePattern)
    {
        if (name is null || name.Length is 0 or > 128 || !Name().IsMatch(name))
        {
            throw StackErrors.Constraint(
                name ?? "",
                "stackName",
                name?.Length > 128
                    ? "Member must have length less than or equal to 128"
                    : "Member must satisfy regular expression pattern: " + pattern
            );
        }
    }

    /// <summary>Settles a request into what a stack is to be.</summary>
    public static StackInput Input(
        Template template,
        IReadOnlyList<StackParameter>? parameters,
        IReadOnlyList<StackTag>? tags,
        IReadOnlyList<string>? capabilities,
        string? roleArn,
        StackInput? previous
    )
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var keep = new List<string>();
        foreach (var parameter in parameters ?? [])
        {
            var key = parameter.ParameterKey ?? throw StackErrors.Validation("Parameter key is missing.");
            if (parameter.UsePreviousValue == true)
            {
                if (parameter.ParameterValue is not null)
                {
                    throw StackErrors.Validation(
                        $"Invalid input for parameter key {key}. Cannot specify usePreviousValue as true and non empty value for a parameter"
                    );
                }

                keep.Add(key);
            }
            else
            {
                given[key] =
                    parameter.ParameterValue
                    ?? throw StackErrors.Validation(
                        $"Invalid input for parameter key {key}. Need to specify either usePreviousValue as true or a value for the parameter"
                    );
            }
        }

        foreach (var capability in capabilities ?? [])
        {
            if (capability is not ("CAPABILITY_IAM" or "CAPABILITY_NAMED_IAM" or "CAPABILITY_AUTO_EXPAND"))
            {
                throw StackErrors.Constraint(
                    $"[{string.Join(", ", capabilities!)}]",
                    "capabilities",
                    "Member must satisfy constraint: [Member must satisfy enum value set: [CAPABILITY_IAM, CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND]]"
                );
            }
        }

        return new StackInput
        {
            Parameters = new Dictionary<string, string>(ParameterValues.Settle(template, given, keep, previous?.Parameters)),
            Tags = tags is null ? previous?.Tags ?? [] : [.. tags],
            Capabilities = [.. capabilities ?? []],
            RoleArn = roleArn ?? previous?.RoleArn,
        };
    }

    /// <summary>The values that a request gives or keeps, for what reads a template before it is checked.</summary>
    public static Dictionary<string, string> Given(IReadOnlyList<StackParameter>? parameters, StackInput? previous)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in parameters ?? [])
        {
            if (
                parameter.ParameterKey is { } key
                && (parameter.UsePreviousValue == true ? previous?.Values.GetValueOrDefault(key) : parameter.ParameterValue) is { } value
            )
            {
                values[key] = value;
            }
        }

        return values;
    }

    /// <summary>What is known without a stack.</summary>
    public static PseudoParameters NoStack(Caller caller) => new(caller.Scope, "", "", []);

    /// <summary>The template as it is processed.</summary>
    public static Task<string> Expand(
        StackEngine engine,
        string body,
        IReadOnlyList<StackParameter>? parameters,
        StackDocument stack,
        Caller caller,
        CancellationToken cancellation
    ) =>
        engine.Transforms.Expand(
            body,
            Given(parameters, stack.Input),
            new PseudoParameters(caller.Scope, stack.Name, stack.Id, []),
            caller,
            cancellation
        );

    public static Template Parse(string body)
    {
        var template = TemplateParser.Parse(body);
        TemplateChecks.References(template);
        return template;
    }

    public static StackOperation Operation(Caller caller, StackEngine engine, string? clientRequestToken, int? timeoutInMinutes = null) =>
        new()
        {
            Token = Guid.NewGuid().ToString(),
            Phase = "",
            CallerArn = caller.Arn,
            CallerUserId = caller.UserId,
            CallerSessionPolicy = caller.SessionPolicy,
            ClientRequestToken = clientRequestToken,
            Started = engine.Now,
            Deadline = timeoutInMinutes is { } minutes ? engine.Now.AddMinutes(minutes) : null,
        };

    /// <summary>The values as they are shown: those of NoEcho parameters are not.</summary>
    public static List<StackParameter>? Shown(StackStore store, Scope scope, StackInput input)
    {
        if (input.TemplateId is null || input.Parameters.Count == 0)
        {
            return null;
        }

        var declared = store.Template(null, scope, input.TemplateId).Parameters;
        return
        [
            .. input.Parameters.Select(p => new StackParameter(
                p.Key,
                declared.TryGetValue(p.Key, out var d) && d.NoEcho ? "****" : p.Value,
                null,
                d is { IsStoreValue: true, NoEcho: false } ? input.Resolved.GetValueOrDefault(p.Key) : null
            )),
        ];
    }

    [GeneratedRegex(@"^[a-zA-Z][-a-zA-Z0-9]*\z")]
    private static partial Regex Name();
}
