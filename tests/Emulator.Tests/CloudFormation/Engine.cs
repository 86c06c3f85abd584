using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests.CloudFormation;

/// <summary>Short ways into the template engine for its tests.</summary>
internal static class Engine
{
    public static readonly PseudoParameters Pseudo = new(
        new Scope("000000000000", "eu-west-1"),
        "shop",
        "arn:aws:cloudformation:eu-west-1:000000000000:stack/shop/1",
        ["arn:aws:sns:eu-west-1:000000000000:t"]
    );

    public static Template Parse(string text)
    {
        var template = TemplateParser.Parse(text);
        TemplateChecks.References(template);
        return template;
    }

    public static Evaluation Evaluate(string text, params (string Name, string Value)[] parameters)
    {
        var template = Parse(text);
        var values = ParameterValues.Settle(template, parameters.ToDictionary(p => p.Name, p => p.Value), [], null);
        return new Evaluation(template, values, Pseudo)
        {
            Existing = name =>
                template.Resources.ContainsKey(name) ? ResourceState.Of($"{name}-id", ("Arn", $"arn:{name}"), ("Outputs.X", "out")) : null,
            Exports = name => name == "vpc" ? "vpc-1" : null,
        };
    }

    /// <summary>Resolves one property, written in YAML, of a template with a few parameters, mappings and conditions around it.</summary>
    public static string Resolve(string value, params (string Name, string Value)[] parameters)
    {
        var indented = string.Join('\n', value.Split('\n').Select(line => "        " + line));
        var text =
            $$"""
                Parameters:
                  Stage: {Type: String, Default: dev}
                  Ports: {Type: 'List<Number>', Default: '80, 443'}
                  Names: {Type: CommaDelimitedList, Default: 'a,b , c'}
                  Count: {Type: Number, Default: 5}
                Mappings:
                  Sizes:
                    dev: {Memory: 128, Zones: [x, y]}
                    prod: {Memory: 1024, Zones: [z]}
                Conditions:
                  IsProd: !Equals [!Ref Stage, prod]
                  NotProd: !Not [!Condition IsProd]
                  Both: !And [!Condition IsProd, {Condition: NotProd}]
                  Either: !Or [!Condition IsProd, !Equals [!Select [0, !Ref Names], a]]
                Resources:
                  Other: {Type: T::T::T}
                  This:
                    Type: T::T::T
                    Properties:
                      Value:
                """
            + "\n  "
            + indented.Replace("\n", "\n  ", StringComparison.Ordinal);
        var evaluation = Evaluate(text, parameters);
        return evaluation.Properties(Parse(text).Resources["This"])["Value"]?.ToJsonText() ?? "(none)";
    }

    public static string Error(Action action) => Assert.Throws<AwsException>(action).Message;

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}

/// <summary>A resource type as the engine sees it: its properties and attributes.</summary>
internal sealed class FakeType(string type, params (string Name, PropertyRule Rule)[] properties) : IResource
{
    public string Type => type;

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } = properties.ToDictionary(p => p.Name, p => p.Rule);

    public IReadOnlyCollection<string> Attributes => ["Arn"];

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task Delete(ResourceRequest request, CancellationToken cancellation) => throw new NotSupportedException();
}
