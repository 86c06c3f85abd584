using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>The role that a task is done as, in the place of the machine's.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html</remarks>
internal sealed class TaskCredentials
{
    private readonly Template? _template;
    private readonly JsonataTemplate? _jsonata;

    private TaskCredentials(DefinitionReader reader, JsonElement source)
    {
        var inner = reader.Inner("Credentials", source);
        if (!inner.Has("RoleArn.$") || reader.Language == QueryLanguage.Jsonata)
        {
            inner.Require("RoleArn");
            inner.String("RoleArn");
        }
        else
        {
            inner.String("RoleArn.$");
        }

        inner.NoOthers();
        if (reader.Language == QueryLanguage.Jsonata)
        {
            _jsonata = reader.Jsonata("Credentials");
        }
        else
        {
            _template = reader.Template("Credentials");
        }
    }

    public static TaskCredentials? Read(DefinitionReader reader) =>
        reader.Object("Credentials") is { ValueKind: JsonValueKind.Object } source ? new TaskCredentials(reader, source) : null;

    public string RoleArn(Scope input)
    {
        var evaluated = _jsonata?.Evaluate(input) ?? _template!.Evaluate(input);
        var role = evaluated.GetProperty("RoleArn");
        return role.ValueKind == JsonValueKind.String
            ? role.GetString()!
            : throw WorkflowException.Runtime($"The RoleArn of the Credentials is not a string: {Json.Compact(role)}");
    }
}
