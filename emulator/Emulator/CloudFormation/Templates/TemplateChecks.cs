using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Whether every name in a template leads somewhere, before anything is created.</summary>
internal static class TemplateChecks
{
    /// <summary>What can be said without knowing resource types: ValidateTemplate asks no more.</summary>
    public static void References(Template template)
    {
        var extensions = template.LanguageExtensions;
        foreach (var (name, definition) in template.Conditions)
        {
            var references = Templates.References.InCondition(definition, extensions).ToList();
            var resources = references
                .Where(r =>
                    r.Kind != ReferenceKind.Condition && !template.Parameters.ContainsKey(r.Name) && !PseudoParameters.IsName(r.Name)
                )
                .Select(r => r.Name)
                .Distinct()
                .ToList();
            if (resources.Count > 0)
            {
                throw TemplateErrors.Format(
                    $"Unresolved dependencies [{string.Join(", ", resources)}]. Cannot reference resources in the Conditions block of the template"
                );
            }

            Conditions(references, "Conditions");
        }

        var missing = new List<string>();
        foreach (var resource in template.Resources.Values)
        {
            if (resource.Condition is { } condition && !template.Conditions.ContainsKey(condition))
            {
                throw TemplateErrors.UnresolvedCondition(condition, "Resources");
            }

            var references = Templates.References.In(resource.Referring, extensions).ToList();
            Conditions(references, "Resources");
            missing.AddRange(Missing(references).Concat(resource.DependsOn.Where(d => !template.Resources.ContainsKey(d))));
        }

        if (missing.Count > 0)
        {
            throw TemplateErrors.Unresolved(missing.Distinct(), "Resources");
        }

        foreach (var output in template.Outputs.Values)
        {
            if (output.Condition is { } condition && !template.Conditions.ContainsKey(condition))
            {
                throw TemplateErrors.UnresolvedCondition(condition, "Outputs");
            }

            var references = Templates
                .References.In(output.Value, extensions)
                .Concat(output.ExportName is { } export ? Templates.References.In(export, extensions) : [])
                .ToList();
            Conditions(references, "Outputs");
            missing.AddRange(Missing(references));
        }

        if (missing.Count > 0)
        {
            throw TemplateErrors.Unresolved(missing.Distinct(), "Outputs");
        }

        void Conditions(List<Reference> references, string block)
        {
            foreach (var reference in references.Where(r => r.Kind == ReferenceKind.Condition && !template.Conditions.ContainsKey(r.Name)))
            {
                throw TemplateErrors.UnresolvedCondition(reference.Name, block);
            }
        }

        List<string> Missing(List<Reference> references)
        {
            var names = new List<string>();
            foreach (var reference in references)
            {
                switch (reference.Kind)
                {
                    case ReferenceKind.Ref
                        when !PseudoParameters.IsName(reference.Name)
                            && !template.Parameters.ContainsKey(reference.Name)
                            && !template.Resources.ContainsKey(reference.Name):
                        names.Add(reference.Name);
                        break;
                    case ReferenceKind.GetAtt when !template.Resources.ContainsKey(reference.Name):
                        throw reference.FromSub
                            ? TemplateErrors.Template(
                                $"instance of Fn::Sub references invalid resource attribute {reference.Name}.{reference.Attribute}"
                            )
                            : TemplateErrors.UndefinedResource(reference.Name);
                }
            }

            return names;
        }
    }

    /// <summary>Types and attributes, for what is about to be deployed.</summary>
    public static void Types(Template template, IReadOnlyDictionary<string, IResource> types)
    {
        var unknown = template.Resources.Values.Select(r => r.Type).Where(t => !types.ContainsKey(t)).Distinct().ToList();
        if (unknown.Count > 0)
        {
            throw TemplateErrors.UnknownTypes(unknown);
        }

        var parts = template.Resources.Values.Select(r => r.Referring).Concat(template.Outputs.Values.Select(o => o.Value));
        foreach (var reference in parts.SelectMany(part => Templates.References.In(part, template.LanguageExtensions)))
        {
            if (reference is { Kind: ReferenceKind.GetAtt, Attribute: { } attribute })
            {
                var type = template.Resources[reference.Name].Type;
                var known =
                    type == NestedStack
                        ? attribute.StartsWith("Outputs.", StringComparison.Ordinal)
                        : types[type].TakesAny
                            || types[type].Attributes.Contains(attribute)
                            || types[type].Properties.ContainsKey(attribute.Split('.')[0]);
                if (!known)
                {
                    throw TemplateErrors.UnknownAttribute(reference.Name, attribute);
                }
            }
        }
    }

    public const string NestedStack = "AWS::CloudFormation::Stack";
}
