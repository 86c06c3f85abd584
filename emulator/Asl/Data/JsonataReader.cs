using System.Text.Json;
using Disa.Jsonata;

namespace Disa.Asl.Data;

/// <summary>Reads expressions of a definition, and says what AWS says of those that it would not run.</summary>
internal static class JsonataReader
{
    /// <summary>Null where it is wrong.</summary>
    /// <param name="at">Where it is below the reader's object.</param>
    /// <param name="prefix">Where that object is in its state, such as <c>Choices[0]/</c>.</param>
    public static JsonataField? Read(DefinitionReader reader, JsonElement value, string at, string prefix, JsonataPlace place)
    {
        try
        {
            var field = JsonataField.Parse(value, prefix + at);
            foreach (var problem in Problems(field.Expression, place))
            {
                reader.Add("UNSUPPORTED_JSONATA_EXPRESSION", problem, at);
            }

            return field;
        }
        catch (JsonataException wrong)
        {
            reader.Add("INVALID_JSONATA_EXPRESSION", wrong.Message, at);
            return null;
        }
    }

    private static IEnumerable<string> Problems(JsonataExpression expression, JsonataPlace place)
    {
        foreach (var name in expression.ContextNames)
        {
            yield return $"Reference to '{name}' at the top level is not supported.";
        }

        if (expression.ReadsRoot)
        {
            yield return "Reference to '$$' is not supported.";
        }

        foreach (var member in expression.MembersOf(JsonataField.Reserved) ?? [])
        {
            var exists = member switch
            {
                "input" or "context" => true,
                "result" => place == JsonataPlace.Result,
                "errorOutput" => place == JsonataPlace.Error,
                _ => false,
            };
            if (!exists)
            {
                yield return $"Field '$states.{member}' does not exist.";
            }
        }
    }
}
