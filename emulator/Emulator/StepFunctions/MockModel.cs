using System.Text.Json;
using Disa.Asl.States;
using Disa.Emulator.Aws;
using Disa.Emulator.StepFunctions.Integrations;

namespace Disa.Emulator.StepFunctions;

/// <summary>Holds a mocked result to what the service's API model says that the operation answers.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html, "fieldValidationMode": STRICT asks for every required
/// field, STRICT and PRESENT for the right type of every field. Fields that the model does not have are taken, and a field is named without
/// what it is in (recorded on AWS: localstack/localstack, test_state/test_field_validation_mode.snapshot.json).
/// </remarks>
internal sealed class MockModel
{
    private readonly ShapeModel _model;
    private readonly Func<string, string> _name;
    private readonly bool _isStrict;

    private MockModel(ShapeModel model, Func<string, string> name, bool isStrict) => (_model, _name, _isStrict) = (model, name, isStrict);

    /// <exception cref="AwsException">ValidationException.</exception>
    public static void Check(TaskState task, JsonElement result, string? mode)
    {
        // A function's result may be anything, and what another execution answers depends on it.
        if (
            mode == "NONE"
            || TaskResource.IsFunction(task.Resource)
            || TaskResource.IsSubmitted(task.Resource)
            || TaskResource.IsActivity(task.Resource)
            || !Integration.Knows(task.Resource)
        )
        {
            return;
        }

        var integration = Integration.Of(task.Resource);
        if (ShapeModel.Of(integration.SdkName) is not { } model || !model.Knows(integration.Operation))
        {
            return;
        }

        var isSdk = integration.Style == IntegrationStyle.Sdk;
        var names = new MockModel(model, isSdk ? name => name : Legacy(model, integration.Operation), mode != "PRESENT");
        if (result.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("Mock result must be an object");
        }

        names.Structure(model.Answer(integration.Operation), result, isFree: integration.Style == IntegrationStyle.Lambda);
    }

    /// <summary>Optimised integrations name members as the older SDK did, which kept leading capitals.</summary>
    private static Func<string, string> Legacy(ShapeModel model, string operation) =>
        name => model.Answer(operation).FirstOrDefault(member => member.Name == name) is { } member ? SdkShape.Capital(member.Wire) : name;

    private void Structure(IReadOnlyList<ShapeMember> members, JsonElement value, bool isFree = false)
    {
        foreach (var member in members)
        {
            var name = _name(member.Name);
            if (!value.TryGetProperty(name, out var field))
            {
                if (member.IsRequired && _isStrict)
                {
                    throw Wrong($"Required field '{name}' is missing");
                }
            }
            else if (!isFree || name != "Payload")
            {
                Value(member.Type, member.Limit, field, name);
            }
        }
    }

    private void Value(ShapeType type, ShapeLimit? limit, JsonElement value, string name)
    {
        var wanted = type.Kind switch
        {
            "list" when value.ValueKind != JsonValueKind.Array => "an array",
            "shape" or "map" when value.ValueKind != JsonValueKind.Object => "an object",
            "number" when value.ValueKind != JsonValueKind.Number => "a number",
            "boolean" when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False) => "a boolean",
            "text" or "blob" or "time" or "date" when value.ValueKind != JsonValueKind.String => "a string",
            _ => null,
        };
        if (wanted is not null)
        {
            throw Wrong($"Field '{name}' must be {wanted}");
        }

        if (limit?.Fault(value) is { } fault)
        {
            throw Wrong($"Field '{name}' {fault}");
        }

        switch (type)
        {
            case { Kind: "list", Item: { } item }:
                foreach (var one in value.EnumerateArray())
                {
                    Value(item, null, one, name);
                }

                break;
            case { Kind: "map", Item: { } item }:
                foreach (var one in value.EnumerateObject())
                {
                    Value(item, null, one.Value, one.Name);
                }

                break;
            // Recursive, and the two kinds of integrations spell its members in two ways.
            case { Kind: "shape", Shape: not "AttributeValue" }:
                Structure(_model.Members(type.Shape!), value);
                break;
        }
    }

    private static AwsException Wrong(string what) => StepFunctionsErrors.Invalid($"Mock result schema validation error: {what}");
}
