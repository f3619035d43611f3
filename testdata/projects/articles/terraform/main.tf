resource "aws_api_gateway_rest_api" "partner" {
  name        = "partner"
  description = "Cross-account access to a REST API"
}

data "aws_iam_policy_document" "partner" {
  statement {
    effect = "Allow"

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123123123123:root"]
      identifiers = ["arn:aws:iam::123456789012:root"]
    }

    actions   = ["execute-api:Invoke"]
    resources = [aws_api_gateway_rest_api.partner.execution_arn]
  }
}

resource "aws_api_gateway_rest_api_policy" "partner" {
  rest_api_id = aws_api_gateway_rest_api.partner.id
  policy      = data.aws_iam_policy_document.partner.json
}
