namespace Disa.DotnetRuntime;

/// <summary>A handler's three parts: <c>ASSEMBLY::TYPE::METHOD</c>.</summary>
internal sealed record HandlerName(string Assembly, string Type, string Method)
{
    private const string Form = "The valid format is 'ASSEMBLY::TYPE::METHOD'.";

    public static HandlerName Parse(string text)
    {
        var parts = text.Split("::", 3);
        if (parts.Length != 3)
        {
            throw new LambdaValidationException($"Invalid lambda function handler: '{text}'. {Form}");
        }

        var missing = parts.Select(part => part.Trim().Length == 0).ToList().IndexOf(true);
        return missing < 0
            ? new HandlerName(parts[0].Trim(), parts[1].Trim(), parts[2].Trim())
            : throw new LambdaValidationException(
                $"Invalid lambda function handler: '{text}', the {(missing == 0 ? "assembly" : missing == 1 ? "type" : "method")} is missing. {Form}"
            );
    }
}
