namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>
/// How deeply a template may nest, in both languages: whoever walks its values later may do so by recursion. AWS documents no number; this
/// one leaves room for twenty conditions inside each other, each of which counts twice.
/// </summary>
internal static class Nesting
{
    public const int Limit = 100;

    public static void Check(int depth, Mark at)
    {
        if (depth > Limit)
        {
            throw TemplateErrors.Format($"The template is nested more than {Limit} levels deep. {at}");
        }
    }
}
