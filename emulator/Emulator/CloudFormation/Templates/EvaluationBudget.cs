namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>
/// What evaluating a template may make of it. One text is at most as long as the largest template, 1,000,000 (CloudFormation quotas,
/// "Template body size in an Amazon S3 object"); all together have a budget, because a template of 1 KB can ask for terabytes. How AWS
/// words the refusal is not known.
/// </summary>
internal sealed class EvaluationBudget
{
    /// <summary>Characters and values of all that one evaluation makes.</summary>
    private const int Whole = 16_000_000;

    private long spent;

    public void Spend(int units)
    {
        if ((spent += units) > Whole)
        {
            throw TemplateErrors.Template($"the values of the template exceed {Whole} bytes in size.");
        }
    }

    public string Text(string made)
    {
        CheckLength(made.Length);
        Spend(made.Length);
        return made;
    }

    public string[] Parts(string[] made)
    {
        Spend(made.Length);
        return made;
    }

    public static void CheckLength(long length)
    {
        if (length > TemplateParser.UrlLimit)
        {
            throw TemplateErrors.Template($"a value of the template exceeds {TemplateParser.UrlLimit} bytes in size.");
        }
    }
}
