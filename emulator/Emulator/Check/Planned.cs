using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.Check;

/// <summary>A template as it would be deployed: in an account, a Region and a stack that stand for any.</summary>
internal static class Planned
{
    /// <param name="template">The template.</param>
    /// <param name="parameters">Its parameters, each with the value that the file gives it, or else its default.</param>
    /// <param name="file">Where it is from.</param>
    public static Evaluation Evaluation(Template template, IEnumerable<TemplateParameter> parameters, CheckedFile file) =>
        new(
            template,
            parameters.ToDictionary(
                parameter => parameter.Name,
                parameter => file.Parameters?.GetValueOrDefault(parameter.Name) ?? parameter.Default ?? "",
                StringComparer.Ordinal
            ),
            new PseudoParameters(
                new Scope("000000000000", "us-east-1"),
                "stack",
                "arn:aws:cloudformation:us-east-1:000000000000:stack/stack/0",
                []
            )
        )
        {
            Planning = true,
        };
}
